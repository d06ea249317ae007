"""Starting, ending and counting: what changes sessions."""
