"""A real node on this machine: containers, Services, DNS, without Docker and a registry."""
