"""What is known of well-known images: facts with their sources, one data file per family."""
