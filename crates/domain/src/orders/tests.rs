use super::*;

fn today() -> CalendarDate {
    "2026-11-24".parse().expect("a date")
}

#[test]
fn an_order_never_goes_back() {
    for status in OrderStatus::ALL {
        for answer in [OrderStatus::Draft, OrderStatus::Ready, OrderStatus::Exported] {
            if status != answer {
                assert!(apply(status, OrderEvent::Answer(answer)).is_err(), "{status:?} to {answer:?}");
            }
        }
        if !status.is_editable() {
            assert!(apply(status, OrderEvent::SavedComplete).is_err(), "{status:?}");
            assert!(apply(status, OrderEvent::Export).is_err(), "{status:?}");
        }
    }
    assert_eq!(
        apply(OrderStatus::Exported, OrderEvent::Answer(OrderStatus::Approved)),
        Ok(OrderStatus::Approved)
    );
    assert!(apply(OrderStatus::Approved, OrderEvent::Answer(OrderStatus::Received)).is_err());
}

#[test]
fn only_a_restored_supplier_sets_an_order_back() {
    use OrderStatus::{Approved, Draft, Exported, Ready, Received, Rejected, Withdrawn};
    assert_eq!(apply(Approved, OrderEvent::SetBack(Received)), Ok(Received));
    assert_eq!(apply(Approved, OrderEvent::Forgotten), Ok(Exported));
    for status in [Draft, Ready] {
        assert!(apply(status, OrderEvent::SetBack(Received)).is_err(), "{status:?}");
        assert!(apply(status, OrderEvent::Forgotten).is_err(), "{status:?}");
    }
    for status in [Rejected, Withdrawn] {
        assert!(apply(status, OrderEvent::Forgotten).is_err(), "{status:?}");
    }
    for answer in [Draft, Ready, Exported] {
        assert!(apply(Received, OrderEvent::SetBack(answer)).is_err(), "{answer:?}");
    }
}

#[test]
fn every_fault_is_told_with_its_place() {
    let line = OrderLineInput {
        article_number: "A".into(),
        quantity: "0".into(),
        unit: "alen".into(),
        ..Default::default()
    };
    let input = OrderInput {
        requested_delivery_date: "30.02.2026".into(),
        lines: vec![OrderLineInput::default(), line],
        ..Default::default()
    };
    let refusal = input.check(today()).expect_err("faults");
    let places: Vec<&str> = refusal.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(places, ["/requested_delivery_date", "/lines/1/quantity", "/lines/1/unit"]);
}

#[test]
fn amounts_are_computed_from_what_was_typed() {
    let line = OrderLineInput {
        article_number: "A".into(),
        quantity: "1 250,5".into(),
        unit_price: "89,50".into(),
        price_base_quantity: "100".into(),
        discount_percent: "12,5 %".into(),
        ..Default::default()
    };
    let (_, lines) = OrderInput { lines: vec![line], ..Default::default() }.check(today()).expect("fine");
    assert_eq!(lines[0].amount, Money(97_930));
}
