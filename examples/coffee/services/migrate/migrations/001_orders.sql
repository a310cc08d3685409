CREATE TABLE orders (
    number    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer  text NOT NULL CHECK (customer <> ''),
    email     text NOT NULL DEFAULT '',
    items     jsonb NOT NULL,
    status    text NOT NULL DEFAULT 'placed' CHECK (status IN ('placed', 'served')),
    placed_at timestamptz NOT NULL DEFAULT now()
);
