"""Everything that is told to a person or a machine, as text: errors, findings, explanations."""
