"""The two services behind the shop: the api that takes orders, the worker that makes them."""
