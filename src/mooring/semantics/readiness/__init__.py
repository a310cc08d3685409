"""Is it ready: the verdict on a live object by kstatus, and by ours, which also looks around it."""
