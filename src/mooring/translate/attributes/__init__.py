"""One module per Compose attribute: what it means, what it becomes, what is lost."""
