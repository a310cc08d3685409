ALTER TABLE orders ADD COLUMN receipt text;
ALTER TABLE orders ADD COLUMN served_at timestamptz;
CREATE INDEX orders_waiting ON orders (placed_at) WHERE status = 'placed';
