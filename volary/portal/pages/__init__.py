"""The portal's pages: the dashboard, Projects, and the settings of one App, each kind of page in a file of its own."""
