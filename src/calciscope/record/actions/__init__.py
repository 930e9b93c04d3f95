"""What changes the record, one file a noun. Each action is keyword-only, takes ``by=``, and is one transaction."""
