"""Pure rules of people's pages."""
