"""Reading Lists: who may see one, Lists of people, people of Lists, and what members post."""
