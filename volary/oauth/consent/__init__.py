"""The page between an app and a person: what is asked, by whom, for which account, and the decision."""
