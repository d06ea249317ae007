"""What operators do, each act for somebody who is an operator at that very moment."""
