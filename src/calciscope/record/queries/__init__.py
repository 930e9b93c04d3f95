"""What reads the record, one file a noun. Each query is keyword-only, takes ``by=``, and leaves a line in the audit."""
