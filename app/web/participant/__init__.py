"""What an organisation does: sitting it, result, team, plan, journey, sharing."""
