"""What is shown, as plain records: headline, figures, tables, forms. No Textual, no plotext, no YAML."""
