"""Setting up, taking and removing what people prove themselves with. Nothing is taken twice: each taking is one conditional statement."""
