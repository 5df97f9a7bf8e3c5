"""The quarterly performance workbook: raw returns in, checked and traceable reports out."""
