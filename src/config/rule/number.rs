//! Rules for numbers.

use serde_json::Value;

use super::Fault;

/// What `RetentionInDays` of a log group may be (CloudFormation resource schema of `AWS::Logs::LogGroup`).
pub(in crate::config) const LOG_DAYS: [u64; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/// Least similarity that counts as the same person: a percent, and never so low that anybody matches.
pub(super) fn validate_threshold(value: &Value) -> Result<(), Fault> {
    let number = percent(value)?;
    if number == 0.0 {
        return Err(Fault::new("a threshold of 0 lets everybody pass", "write a percent; 99 for identity decisions"));
    }
    Ok(())
}

/// Least sharpness or brightness; 0 switches the gate off.
pub(super) fn validate_gate(value: &Value) -> Result<(), Fault> {
    percent(value).map(|_| ())
}

/// A threshold of the Face Matching API, which speaks in ratios.
pub(super) fn validate_ratio(value: &Value) -> Result<(), Fault> {
    let number = number(value)?;
    if number > 1.0 && number <= 100.0 {
        let ratio = number / 100.0;
        return Err(Fault::new("must be a ratio, 0–1; this looks like a percent", format!("write {ratio}")));
    }
    if !(0.0..=1.0).contains(&number) {
        return Err(Fault::new("must be a ratio, 0–1", "write a ratio, for example 0.8"));
    }
    if number == 0.0 {
        return Err(Fault::new("a threshold of 0 lets everybody pass", "write a ratio, for example 0.8"));
    }
    Ok(())
}

/// Smallest and largest angle of a head.
pub(super) fn validate_angles(value: &Value) -> Result<(), Fault> {
    let rule = "must be two angles in degrees, smallest first, within -180 and 180";
    let fault = || Fault::new(rule, "write them as a list, for example [-45, 45]");
    let Some([least, most]) = value.as_array().map(Vec::as_slice) else { return Err(fault()) };
    match (least.as_f64(), most.as_f64()) {
        (Some(least), Some(most)) if -180.0 <= least && least < most && most <= 180.0 => Ok(()),
        (Some(least), Some(most)) if least > most => Err(Fault::new(rule, format!("write [{most}, {least}]"))),
        _ => Err(fault()),
    }
}

/// A count or a duration.
pub(super) fn validate_whole(value: &Value, least: u64, most: u64, unit: &str) -> Result<(), Fault> {
    let rule = format!("must be a whole number, {least}–{most} {unit}");
    if let Some(text) = value.as_str().filter(|text| text.parse::<u64>().is_ok()) {
        return Err(Fault::new(rule, format!("remove the quotes: {text}")));
    }
    match value.as_u64() {
        Some(number) if (least..=most).contains(&number) => Ok(()),
        Some(number) => Err(Fault::new(
            rule,
            format!("write at {}", if number > most { format!("most {most}") } else { format!("least {least}") }),
        )),
        None => Err(Fault::new(rule, "write a whole number without quotes or unit")),
    }
}

/// A share that an alarm compares with.
pub(super) fn validate_whole_percent(value: &Value) -> Result<(), Fault> {
    if let Some(ratio) = value.as_f64().filter(|number| 0.0 < *number && *number < 1.0) {
        let percent = as_percent(ratio).round().max(1.0);
        return Err(Fault::new("must be a whole percent, 1–100; this looks like a ratio", format!("write {percent}")));
    }
    validate_whole(value, 1, 100, "percent")
}

/// Retention of a log group.
pub(super) fn validate_log_days(value: &Value) -> Result<(), Fault> {
    let rule = "CloudWatch Logs allows only certain numbers of days";
    let Some(days) = value.as_u64() else {
        let all = LOG_DAYS.map(|days| days.to_string()).join(", ");
        return Err(Fault::new(rule, format!("write one of {all}")));
    };
    if LOG_DAYS.contains(&days) {
        return Ok(());
    }
    // Rounded up: evidence that is gone too early does not come back.
    let fix = match LOG_DAYS.iter().find(|allowed| **allowed > days) {
        Some(next) => format!("write {next}, the next one that is allowed"),
        None => format!("write {}, the longest", LOG_DAYS[LOG_DAYS.len() - 1]),
    };
    Err(Fault::new(rule, fix))
}

fn percent(value: &Value) -> Result<f64, Fault> {
    if let Some(number) = value.as_str().and_then(|text| text.strip_suffix('%')).map(str::trim) {
        return Err(Fault::new("must be a number", format!("write {number}; percent is understood")));
    }
    let number = number(value)?;
    if number > 0.0 && number <= 1.0 {
        let fix = format!("write {}", as_percent(number));
        return Err(Fault::new("must be a percent, 0–100; this looks like a ratio", fix));
    }
    if !(0.0..=100.0).contains(&number) {
        return Err(Fault::new("must be a percent, 0–100", "write a number between 1 and 100"));
    }
    Ok(number)
}

/// 0.57 is 57, not 56.99999999999999.
fn as_percent(ratio: f64) -> f64 {
    (ratio * 100.0 * 1e10).round() / 1e10
}

fn number(value: &Value) -> Result<f64, Fault> {
    if let Some(text) = value.as_str().filter(|text| text.parse::<f64>().is_ok()) {
        return Err(Fault::new("must be a number; this is text", format!("remove the quotes: {text}")));
    }
    value.as_f64().ok_or_else(|| Fault::new("must be a number", "write a number"))
}
