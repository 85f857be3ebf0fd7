//! What orders were paid in: from a column of its own or beside the amount, into the customer's story.

use goodword::clock;
use goodword_shared::{
    api::{
        ById,
        customers::{GetCustomer, ImportOrders, PreviewOrders},
    },
    customer::CustomerFacts,
    import::{ImportRequest, Mapping},
};

use crate::records::on_both_databases;

#[tokio::test(flavor = "multi_thread")]
async fn orders_are_told_in_what_they_were_paid_in() {
    on_both_databases(async |service| {
        let facts = CustomerFacts {
            external_id: Some("K1".into()),
            name: "Ada Lind".into(),
            ..CustomerFacts::default()
        };
        let ids = service.app.store.put_customers(&[facts], &[], clock::now()).await.expect("stored");
        let orders = "order,customer,date,amount,currency\n1,K1,2026-03-01,42.5,eur\n2,K1,2026-03-02,CHF 80,\n\
            3,K1,2026-03-03,\"£1,240.50\",\n4,K1,2026-03-04,15,\n5,K1,2026-03-05,4200,JPY\n6,K1,2026-03-06,7,money\n";
        let request = ImportRequest {
            content: orders.into(),
            file_name: "orders.csv".into(),
            mapping: Mapping::new(),
            settings: Default::default(),
        };
        let report = service.call::<ImportOrders>((), (), request.clone()).await.expect("imported");
        assert_eq!((report.new, report.faults.len()), (6, 1), "{:?}", report.faults);
        let again = service.call::<PreviewOrders>((), (), request).await.expect("a preview");
        assert_eq!(again.unchanged, 6);
        let path = ById { id: ids[0].as_str().to_owned() };
        let view = service.call::<GetCustomer>(path, (), ()).await.expect("a customer");
        let told: Vec<&str> = view.timeline.iter().filter(|e| e.what == "order").map(|e| e.text.as_str()).collect();
        let parts = view.timeline.iter().find_map(|e| e.order.as_ref().filter(|order| order.id == "2"));
        assert_eq!(parts.and_then(|order| order.currency.as_deref()), Some("CHF"), "told in its parts, too");
        // Without a currency it is the owner's own.
        let expected = [
            "Order 6: €7.00",
            "Order 5: ¥4200",
            "Order 4: €15.00",
            "Order 3: £1240.50",
            "Order 2: CHF\u{a0}80.00",
            "Order 1: €42.50",
        ];
        assert_eq!(told, expected);
        assert_eq!(view.orders.iter().filter(|order| order.currency.is_none()).count(), 2);
    })
    .await;
}
