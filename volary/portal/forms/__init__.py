"""What the portal's forms say, as the values that actions take."""
