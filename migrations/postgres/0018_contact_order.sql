-- Contacts sorted by city and by when they were changed, either way.
CREATE INDEX contact_by_city ON contact (city, name, contact_id);
CREATE INDEX contact_by_change ON contact (updated_at, contact_id);
