"""Reads: sums of days, an App's latest calls, and what is known about a refused caller."""
