"""`./dev bench`: how fast it is, as ratios to a reference measured in the same run. Not shipped."""
