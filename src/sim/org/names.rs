//! Words that the seed makes names and jobs of. Invented people; nobody in particular.

pub(super) const FIRST: [&str; 64] = [
    "Ada", "Adam", "Aiko", "Alan", "Alma", "Amir", "Anita", "Anton", "Arjun", "Astrid", "Bela", "Boris", "Carla",
    "Cem", "Chloe", "Clara", "Daniel", "Daria", "Dev", "Dina", "Edgar", "Elena", "Emil", "Erik", "Esra", "Eva",
    "Farid", "Felix", "Fiona", "Frida", "Georg", "Grace", "Hana", "Hugo", "Ines", "Ivan", "Jana", "Jonas", "Julia",
    "Kai", "Karin", "Lars", "Lea", "Liam", "Lina", "Luis", "Magda", "Marco", "Maya", "Milan", "Nadia", "Nils", "Nora",
    "Omar", "Paula", "Pedro", "Priya", "Rosa", "Samir", "Sofia", "Tomas", "Vera", "Yara", "Zoe",
];

pub(super) const LAST: [&str; 128] = [
    "Abbott", "Acosta", "Adler", "Ahmed", "Allen", "Almeida", "Archer", "Baker", "Barnes", "Becker", "Bell", "Berg",
    "Bishop", "Blake", "Boyd", "Brandt", "Brooks", "Burke", "Calder", "Carter", "Castro", "Chen", "Clarke", "Cole",
    "Conrad", "Cooper", "Costa", "Cruz", "Dale", "Dawson", "Diaz", "Dixon", "Drake", "Dunn", "Eaton", "Ellis", "Engel",
    "Falk", "Farrell", "Fischer", "Flores", "Ford", "Foster", "Fox", "Frank", "Garcia", "Gibson", "Gomez", "Graham",
    "Grant", "Green", "Gupta", "Hahn", "Hale", "Hansen", "Harper", "Hart", "Hayes", "Heller", "Hoffman", "Holm",
    "Horn", "Hughes", "Hunt", "Ibrahim", "Ito", "Jain", "James", "Jansen", "Jensen", "Kaur", "Keller", "Kelly", "Khan",
    "Klein", "Koch", "Kumar", "Lane", "Lang", "Larsen", "Lee", "Lehmann", "Lind", "Long", "Lopez", "Lund", "Marsh",
    "Martin", "Mason", "Meyer", "Miles", "Moreau", "Moss", "Muller", "Nair", "Nash", "Nielsen", "Novak", "Ortega",
    "Owens", "Park", "Parker", "Patel", "Pereira", "Petrov", "Porter", "Quinn", "Ramos", "Reed", "Reyes", "Rossi",
    "Rowe", "Sato", "Schmidt", "Shah", "Silva", "Singh", "Stone", "Suzuki", "Tanaka", "Taylor", "Torres", "Turner",
    "Vogel", "Walsh", "Weber", "Wong", "Young",
];

pub(super) const DEPARTMENTS: [&str; 8] =
    ["Engineering", "Finance", "Human Resources", "Legal", "Marketing", "Operations", "Sales", "Support"];

pub(super) const TITLES: [&str; 8] =
    ["Analyst", "Assistant", "Director", "Engineer", "Manager", "Specialist", "Team Lead", "Consultant"];

/// Office, city, state or province, country.
pub(super) const PLACES: [(&str, &str, &str, &str); 6] = [
    ("Harbour House", "Seattle", "WA", "United States"),
    ("Mill Lane 4", "Dublin", "", "Ireland"),
    ("Nordbahnhof", "Berlin", "", "Germany"),
    ("Marina Tower", "Singapore", "", "Singapore"),
    ("Building 12", "Toronto", "ON", "Canada"),
    ("Alameda 7", "Lisbon", "", "Portugal"),
];

/// The first mailboxes of every organization, so that examples have someone to ask for.
pub(super) const STARTERS: [(&str, &str, &str); 4] =
    [("alice", "Alice", "Archer"), ("bob", "Bob", "Brook"), ("carol", "Carol", "Cole"), ("dave", "Dave", "Dunn")];
