"""What students plausibly get wrong in each exercise, and which marks it costs."""
