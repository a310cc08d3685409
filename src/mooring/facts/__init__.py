"""What was seen in a cluster, as plain values; nothing here asks it."""
