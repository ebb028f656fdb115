"""The web application: base handler, errors, operations, OpenAPI, the page's shell."""
