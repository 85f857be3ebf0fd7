-- What an order was paid in: a sign (€) or a code (CHF). Without one it is the owner's currency.
ALTER TABLE orders ADD COLUMN currency TEXT;
