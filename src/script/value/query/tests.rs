//! What the methods give, beside what PowerShell's cmdlets of these names give (facts/powershell-semantics.md 7).

use super::super::tests::text;

/// Three boats as maps, as a script writes them.
const BOATS: &str = "let boats = [
    #{ Name: \"Heron\", Kind: \"sloop\", Tons: 4, Hold: size(\"1.5 GB\"), Note: () },
    #{ Name: \"auk\", Kind: \"Ketch\", Tons: 12, Hold: size(\"900 MB\"), Note: \"x\" },
    #{ Name: \"Skua\", Kind: \"Sloop\", Tons: 4, Hold: size(\"unlimited\"), Note: \"x\" },
]; ";

fn boats(code: &str) -> String {
    text(&format!("{BOATS}{code}"))
}

#[test]
fn values_are_sorted_by_property_by_several_and_by_function() {
    let names = |code: &str| boats(&format!("let s = {code}; let n = \"\"; for b in s {{ n += b.Name + \" \"; }} n"));
    assert_eq!(names("boats.sort_by(\"Name\")"), "auk Heron Skua ");
    assert_eq!(names("sort_by(boats, \"name\", #{ Descending: true })"), "Skua Heron auk ");
    assert_eq!(names("boats.sort_by([\"Tons\", \"Name\"])"), "Heron Skua auk ");
    assert_eq!(names("boats.sort_by([#{ Expression: \"Tons\", Descending: true }, \"Name\"])"), "auk Heron Skua ");
    assert_eq!(names("boats.sort_by(|it| it.Name.len())"), "auk Skua Heron ");
    assert_eq!(names("boats.sort_by(|a, b| b.Tons - a.Tons)"), "auk Heron Skua ");
    assert_eq!(names("boats.sort_by(\"Hold\")"), "auk Heron Skua ", "sizes by their bytes, no limit last");
    assert_eq!(names("boats.sort_by(\"Kind\", #{ Unique: true })"), "auk Heron ", "text ignores case");
    assert!(boats("boats.sort_by(\"Tnos\")").contains("there is no property Tnos"));
    assert!(boats("boats.sort_by(\"Name\", #{ Descnding: true })").contains("did you mean Descending"));
}

#[test]
fn objects_are_selected_with_named_and_calculated_properties() {
    assert_eq!(boats("boats.select([\"tons\", \"Name\"])[0].keys()"), "[Tons, Name]");
    assert_eq!(boats("boats.select(\"N*\").map(|b| b.keys())[0]"), "[Name, Note]");
    assert_eq!(
        boats("boats.select([#{ Name: \"Twice\", Expression: |it| it.Tons * 2 }, \"None\"])[1]"),
        "@{Twice=24; None=}"
    );
    assert_eq!(boats("boats.select([\"Name\"], #{ First: 1, Skip: 1 })"), "[@{Name=auk}]");
    assert_eq!(boats("boats.select(#{ ExpandProperty: \"Tons\", Unique: true })"), "[4, 12]");
    assert_eq!(boats("boats.select(#{ Last: 1 })[0].Name"), "Skua");
    assert_eq!(
        boats("boats[0].select([\"Name\"]).type_names()[0]"),
        "Selected.System.Management.Automation.PSCustomObject"
    );
    assert_eq!(boats("boats.select([\"*\"], #{ Exclude: [\"Ho*\", \"Note\"] })[0].keys()"), "[Kind, Name, Tons]");
    assert!(boats("boats.select([|it| 1])").contains("needs a name"));
    assert_eq!(text("two.select([\"Alias\", \"Size\"])[1].Size > gb(1)"), "true");
    assert_eq!(text("one.select([\"Alias\"]).Alias"), "ann", "results stay results");
}

#[test]
fn values_are_chosen_in_their_kind() {
    assert_eq!(boats("boats.where(|it| it.Tons == 4).len()"), "2");
    assert!(
        boats("boats.where(|it| it.Note)").contains("where needs true or false from its function, which gave string")
    );
    assert_eq!(boats("where(boats, |it| it.Note != ()).last().Name + boats.first().Name"), "SkuaHeron");
    assert_eq!(boats("boats.first(2).len() + boats.skip(1).len() + boats.last(9).len()"), "7");
    assert_eq!(text("two.where(|it| it.Alias == \"bob\").Alias"), "bob");
    assert_eq!(text("two.where(|| this.Alias == \"bob\").first(1).len() + two.skip(5).len()"), "1");
    assert_eq!(text("[].first() == () && [].sort_by(\"X\").is_empty() && [].measure(\"X\").Count == 0"), "true");
}

#[test]
fn equal_values_come_once() {
    assert_eq!(text("[\"a\", \"A\", \"a\", 2, 2.0].unique()"), "[a, A, 2]");
    assert_eq!(boats("boats.unique(\"Tons\").len() + boats.unique([\"Kind\", \"Tons\"]).len() * 10"), "32");
    assert_eq!(boats("(boats + boats).unique().len()"), "3");
}

#[test]
fn values_are_grouped_in_the_order_of_their_keys() {
    assert_eq!(boats("boats.group_by(\"Kind\").map(|g| `${g.Name}=${g.Count}`)"), "[Ketch=1, sloop=2]");
    assert_eq!(boats("boats.group_by(\"Hold\").map(|g| g.Group[0].Name)"), "[auk, Heron, Skua]");
    assert_eq!(boats("boats.group_by(|it| it.Tons > 4)[0].Values"), "[false]");
    assert_eq!(boats("boats.group_by([\"Tons\", \"Note\"]).map(|g| g.Name)"), "[4, , 4, x, 12, x]");
    assert_eq!(boats("boats.group_by(\"Tons\", #{ AsHashTable: true })[\"4\"].len()"), "2");
    assert_eq!(boats("boats.group_by(\"Tons\", #{ NoElement: true })[0].keys()"), "[Values, Count, Name]");
    assert_eq!(text("two.group_by(\"RecipientTypeDetails\").Count"), "2");
}

#[test]
fn measures_are_of_the_kind_of_what_is_measured() {
    assert_eq!(
        boats("let m = boats.measure(\"tons\"); [m.Count, m.Sum, m.Minimum, m.Maximum, m.Property]"),
        "[3, 20, 4, 12, Tons]"
    );
    assert_eq!(boats("boats.measure(|it| it.Tons / 8.0).Average > 0.83"), "true");
    assert_eq!(
        boats("boats.first(2).measure(\"Hold\").Sum == mb(2436) && boats.measure(\"Hold\").Maximum.IsUnlimited"),
        "true"
    );
    assert_eq!(boats("boats.measure([\"Tons\", \"Name\"])[1].Maximum"), "Skua");
    assert_eq!(boats("boats.measure(\"Name\").Sum == () && boats.measure().Count == 3"), "true");
    assert_eq!(text("two.measure(\"WhenCreated\").Maximum.Year"), "2024");
    assert_eq!(text("[1, 2].measure().Sum"), "3");
}

#[test]
fn a_stream_is_shaped_as_it_comes_and_stopped_when_it_has_given_enough() {
    // A thousand million numbers: nothing here may wait for the last.
    let first = "numbers(1000000000).where(|x| x % 2 == 0).select([#{ Name: \"N\", Expression: |x| x }]).first(3)";
    assert_eq!(text(&format!("{first}.to_array()")), "[@{N=2}, @{N=4}, @{N=6}]");
    assert_eq!(text("numbers(1000000000).select(#{ First: 2, Skip: 1 }).to_array()"), "[2, 3]");
    assert_eq!(text("let n = 0; numbers(3).for_each(|x| print(x)); numbers(9).last(2)"), "[8, 9]");
    assert_eq!(text("numbers(4).sort_by(|x| -x).first()"), "4");
    assert_eq!(text("numbers(4).group_by(|x| x % 2).len() + numbers(4).measure().Sum"), "12");
}
