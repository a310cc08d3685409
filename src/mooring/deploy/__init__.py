"""What is wanted and what is there: plan, order, apply, wait, prune, verify, roll back."""
