"""The service's database: engine, units of work, lease, migrations."""
