"""What happens around entities: records that other systems report, by API or by webhook (Harness spec 12)."""
