"""What every test run gets: the servers, told to pytest as a plugin."""
