"""The fields of the kinds that an API server serves, packed; see `served`."""
