//! Sample articles. The buyer's own numbers are others than the supplier's; a few of those that the buyer has are misspelled, as
//! they are in life: a letter O for a zero, a missing dash, a number that is no longer sold.

pub(super) struct Sample {
    pub supplier_number: &'static str,
    /// What the buyer has as the supplier's number.
    pub supplier_number_at_buyer: &'static str,
    pub buyer_number: &'static str,
    pub name: &'static str,
    pub unit: &'static str,
    pub price: &'static str,
    /// The quantity that the price is for.
    pub base: &'static str,
}

const fn same(
    supplier_number: &'static str,
    buyer_number: &'static str,
    name: &'static str,
    unit: &'static str,
    price: &'static str,
    base: &'static str,
) -> Sample {
    Sample {
        supplier_number,
        supplier_number_at_buyer: supplier_number,
        buyer_number,
        name,
        unit,
        price,
        base,
    }
}

const fn misspelled(
    supplier_number: &'static str,
    supplier_number_at_buyer: &'static str,
    buyer_number: &'static str,
    name: &'static str,
    price: &'static str,
    base: &'static str,
) -> Sample {
    Sample { supplier_number, supplier_number_at_buyer, buyer_number, name, unit: "EA", price, base }
}

/// What the supplier says about some of its articles: pack size, minimum quantity, status, and the number of what has taken its place.
pub(super) const FACTS: [(&str, &str, &str, &str, &str); 6] = [
    ("BF-M8X40-A2", "100", "200", "active", ""),
    ("BF-M8X50-A2", "100", "", "active", ""),
    ("BF-SK-8-A2", "250", "500", "active", ""),
    ("BF-EK-M10X90", "", "", "going_out", "BF-EK-M12X120"),
    ("BF-KL-50", "", "6", "going_out", ""),
    ("BF-GS-M8", "", "", "discontinued", "BF-GS-M12"),
];

pub(super) const SAMPLES: [Sample; 25] = [
    same("BF-M8X40-A2", "10-1001", "Sekskantskrue M8x40 A2", "EA", "312", "100"),
    same("BF-M8X50-A2", "10-1002", "Sekskantskrue M8x50 A2", "EA", "358", "100"),
    same("BF-M10X60-A4", "10-1003", "Sekskantskrue M10x60 A4", "EA", "12.40", "1"),
    same("BF-M12X80-88", "10-1004", "Sekskantskrue M12x80 8.8 varmforzinket", "EA", "9.85", "1"),
    misspelled("BF-M6X20-0", "BF-M6X20-O", "10-1005", "Sekskantskrue M6x20 ubehandlet", "118", "100"),
    misspelled("BF-M10X100", "BFM10X100", "10-1006", "Sekskantskrue M10x100 elforzinket", "7.20", "1"),
    same("BF-MU-M8-A2", "10-2001", "Sekskantmutter M8 A2", "EA", "96", "100"),
    same("BF-MU-M10-A4", "10-2002", "Sekskantmutter M10 A4", "EA", "215", "100"),
    same("BF-LM-M8", "10-2003", "Låsemutter M8 elforzinket", "EA", "124", "100"),
    misspelled("BF-LM-M10", "BF-LM-M1O", "10-2004", "Låsemutter M10 elforzinket", "168", "100"),
    same("BF-SK-8-A2", "10-2101", "Flat skive 8 mm A2", "EA", "38", "100"),
    same("BF-SK-10-A4", "10-2102", "Flat skive 10 mm A4", "EA", "72", "100"),
    same("BF-FS-8", "10-2103", "Fjærskive 8 mm", "EA", "41", "100"),
    same("BF-GS-M8", "10-3001", "Gjengestang M8 1 m elforzinket", "EA", "24.90", "1"),
    same("BF-GS-M12", "10-3002", "Gjengestang M12 1 m A4", "EA", "189", "1"),
    same("BF-EK-M10X90", "10-3101", "Ekspansjonsbolt M10x90", "EA", "18.60", "1"),
    same("BF-EK-M12X120", "10-3102", "Ekspansjonsbolt M12x120 A4", "EA", "64.50", "1"),
    same("BF-TS-5X60", "10-4001", "Treskrue 5x60 TX25, eske med 200", "XBX", "149", "1"),
    same("BF-TS-6X100", "10-4002", "Treskrue 6x100 TX30, eske med 100", "XBX", "189", "1"),
    same("BF-GP-4.2X13", "10-4101", "Gipsskrue 4,2x13, eske med 1000", "XBX", "229", "1"),
    same("BF-BN-4X10", "10-4201", "Blindnagle 4x10 aluminium, eske med 500", "XBX", "265", "1"),
    same("BF-KL-50", "10-5001", "Klebepatron 300 ml", "EA", "219", "1"),
    same("BF-SMF-1", "10-5002", "Smørefett 1 kg", "KGM", "164", "1"),
    same("BF-KJ-8", "10-6001", "Kjetting 8 mm kortlenket", "MTR", "89.50", "1"),
    misspelled("BF-SJ-10", "BF-SJ-1000", "10-6002", "Sjakkel 10 mm rustfri", "79", "1"),
];
