//! Files with what a list shows: the list leads to them with its view and its search, and they hold nothing else.

use domain::contacts::ContactInput;
use domain::orders::{OrderInput, OrderLineInput};
use domain::roles::Role;
use services::{articles, contacts, orders};

use crate::pair::{Backend, on_both_databases};
use crate::support::{Site, site_on};

on_both_databases!(a_list_leads_to_a_file_with_what_it_shows);

async fn a_list_leads_to_a_file_with_what_it_shows(backend: Backend) {
    let site = site_on(backend).await;
    fill(&site).await;
    let cookie = site.sign_in(Role::Buyer).await;
    // The list, the page of files that it names, the file, what is in it and what is not.
    let cases = [
        (
            "/artikler?sok=bolt",
            "/filer/artikler?sok=bolt",
            "/filer/ned/artikler.csv?sok=bolt",
            "A-1;Bolt",
            "A-2;Mutter",
        ),
        ("/artikler", "/filer/artikler", "/filer/ned/artikler.csv", "A-2;Mutter", "A-3"),
        (
            "/kontakter/leverandorer?sok=skrue",
            "/filer/kontakter?vis=leverandorer&sok=skrue",
            "/filer/ned/kontakter.csv?vis=leverandorer&sok=skrue",
            "Skrue AS",
            "Mutter AS",
        ),
        (
            "/kontakter/kunder",
            "/filer/kontakter?vis=kunder",
            "/filer/ned/kontakter.csv?vis=kunder",
            "Verksted AS",
            "Skrue AS",
        ),
        (
            "/ordre/innkjopsordre?vis=kladder&sok=mutter",
            "/filer/innkjopsordre?vis=kladder&sok=mutter",
            "/filer/ned/innkjopsordre.csv?vis=kladder&sok=mutter",
            "A-2",
            "A-1",
        ),
        (
            "/ordre/innkjopsordre?vis=godkjent",
            "/filer/innkjopsordre?vis=godkjent",
            "/filer/ned/innkjopsordre.csv?vis=godkjent",
            "article_number",
            "A-1",
        ),
    ];
    for (list, page, file, inside, outside) in cases {
        let shown = site.get(list, Some(&cookie)).await.text();
        assert!(links_to(&shown, page), "{list} does not lead to {page}: {shown}");
        let shown = site.get(page, Some(&cookie)).await.text();
        assert!(links_to(&shown, file), "{page} does not lead to {file}: {shown}");
        assert_eq!(shown.contains("Det listen viste"), page.contains('?'), "{page}");
        let written = site.get(file, Some(&cookie)).await.text();
        assert!(written.contains(inside), "{file} lacks {inside}: {written}");
        assert!(!written.contains(outside), "{file} has {outside}: {written}");
    }
}

fn links_to(page: &str, address: &str) -> bool {
    page.contains(&format!("href=\"{}\"", address.replace('&', "&amp;")))
}

/// Two suppliers with an order each, a customer, and a second article.
async fn fill(site: &Site) {
    let article = domain::articles::ArticleInput {
        number: "A-2".to_owned(),
        name: "Mutter".to_owned(),
        price: "2".to_owned(),
        ..Default::default()
    };
    articles::add(&site.ctx, article).await.unwrap();
    let companies = [("Skrue AS", "310004170", "A-1"), ("Mutter AS", "311234560", "A-2")];
    for (name, org_number, article_number) in companies {
        let supplier = contacts::add(&site.ctx, contact(name, org_number, true)).await.unwrap();
        let line = OrderLineInput {
            article_number: article_number.to_owned(),
            description: "En vare".to_owned(),
            quantity: "5".to_owned(),
            unit: "EA".to_owned(),
            unit_price: "2".to_owned(),
            ..OrderLineInput::default()
        };
        let input =
            OrderInput { supplier_id: supplier.to_string(), lines: vec![line], ..OrderInput::default() };
        orders::create(&site.ctx, input).await.unwrap();
    }
    contacts::add(&site.ctx, contact("Verksted AS", "", false)).await.unwrap();
}

fn contact(name: &str, org_number: &str, is_supplier: bool) -> ContactInput {
    ContactInput {
        name: name.to_owned(),
        org_number: org_number.to_owned(),
        street: "Gata 1".to_owned(),
        postal_code: "0001".to_owned(),
        city: "Oslo".to_owned(),
        is_supplier,
        is_customer: !is_supplier,
        ..ContactInput::default()
    }
}
