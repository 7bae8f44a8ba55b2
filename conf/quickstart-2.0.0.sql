SELECT
  card_id,
  observed_at,
  merchant AS merchant_category,
  amount_cents,
  currency,
  is_large,
  score AS risk_score,
  CASE
    WHEN score >= 0.9 THEN 'high'
    WHEN score >= 0.5 THEN 'medium'
    WHEN score IS NULL THEN 'unknown'
    ELSE 'low'
  END AS risk_band
FROM source
