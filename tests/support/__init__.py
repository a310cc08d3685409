"""The real parts that tests are held against: programs built from pinned Go modules, driven."""
