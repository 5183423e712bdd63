"""What tests share: servers, pipelines and made rows."""
