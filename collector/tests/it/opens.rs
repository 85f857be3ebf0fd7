//! The store opens, migrates, and opens again.

use goodword::store::Store;

#[tokio::test]
async fn a_new_data_folder_gets_the_schema_and_opens_again() {
    let folder = tempfile::tempdir().expect("a folder");
    for _ in 0..2 {
        let store = Store::open_folder(folder.path()).await.expect("opens");
        let (mode,): (String,) =
            sqlx::query_as("PRAGMA journal_mode").fetch_one(store.pool()).await.expect("a mode");
        assert_eq!(mode, "wal");
    }
}
