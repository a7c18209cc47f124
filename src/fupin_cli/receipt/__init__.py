"""Receipt (收件登记): what arrived, and how far it may be believed."""
