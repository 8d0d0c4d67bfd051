//! The options of a session: defaults and how they are set.

use std::time::Duration;

use exsh::remote::{OutputBufferingMode, ProxyAccessType, ProxyAuthentication, SessionOption};

/// facts/remoting.md 2.6 (the column of the cmdlet, not that of the object) and 9, row 22.
#[test]
fn defaults_are_those_of_the_cmdlet_and_not_those_of_the_object() {
    let option = SessionOption::default();
    assert_eq!(option.maximum_received_object_size, None, "the object has 200 MB");
    assert_eq!(option.max_connection_retry_count, 0, "the object has 5");
    assert_eq!(option.maximum_received_data_size_per_command, None);
    assert_eq!(option.maximum_redirection, 5);
    assert_eq!(option.open_timeout, Duration::from_millis(180_000));
    assert_eq!(option.cancel_timeout, Duration::from_millis(60_000));
    assert_eq!(option.operation_timeout, Duration::from_millis(180_000));
    assert_eq!(option.idle_timeout, None);
    assert_eq!(option.output_buffering_mode, OutputBufferingMode::None);
    assert_eq!(option.proxy_access_type, ProxyAccessType::None);
    assert_eq!(option.proxy_authentication, ProxyAuthentication::Negotiate);
    assert_eq!((option.culture, option.ui_culture), (None, None));
    assert!(!option.skip_ca_check && !option.skip_cn_check && !option.skip_revocation_check);
    assert!(!option.no_compression && !option.no_encryption && !option.use_utf16 && !option.include_port_in_spn);
}

/// facts/remoting.md 2.6: the parameters of New-PSSessionOption.
#[test]
fn every_parameter_of_the_cmdlet_is_known() {
    let names: Vec<&str> = SessionOption::PARAMETERS.iter().map(|(name, _)| *name).collect();
    for name in [
        "MaximumRedirection",
        "OpenTimeout",
        "CancelTimeout",
        "OperationTimeout",
        "IdleTimeout",
        "MaximumReceivedDataSizePerCommand",
        "MaximumReceivedObjectSize",
        "MaxConnectionRetryCount",
        "NoCompression",
        "NoMachineProfile",
        "NoEncryption",
        "UseUTF16",
        "IncludePortInSPN",
        "SkipCACheck",
        "SkipCNCheck",
        "SkipRevocationCheck",
        "Culture",
        "UICulture",
        "OutputBufferingMode",
        "ApplicationArguments",
        "ProxyAccessType",
        "ProxyAuthentication",
        "ProxyCredential",
    ] {
        assert!(names.contains(&name), "{name}");
    }
}
