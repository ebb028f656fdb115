"""The door `proxy/<port>/`: programs of this session that listen on a port, and nobody else's."""
