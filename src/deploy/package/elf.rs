//! Would this file run where it is sent? Read from its ELF header, because Lambda itself only says
//! `Runtime.InvalidEntrypoint`, at the first call.

use super::Runtime;
use crate::model::Architecture;

/// The newest glibc 2.x that Amazon Linux 2023 has (`provided.al2023`).
const LAMBDA_GLIBC: u32 = 34;
/// `e_machine` of the ELF header (System V ABI).
const X86_64: u16 = 62;
/// `e_machine` of the ELF header (System V ABI).
const AARCH64: u16 = 183;

/// Says what is wrong with a program for a runtime.
pub fn check(program: &[u8], runtime: Runtime) -> Result<(), String> {
    // Everything needed is in the first twenty bytes: magic, class (2 = 64 bit), data (1 = little endian), machine.
    let (Some(identity), Some(machine)) = (program.get(..6), program.get(18..20)) else {
        return Err(format!("it has only {} bytes", program.len()));
    };
    if identity != b"\x7fELF\x02\x01" {
        return Err("it is not a 64-bit Linux program (ELF)".to_owned());
    }
    let machine = u16::from_le_bytes([machine[0], machine[1]]);
    let wanted = match runtime {
        Runtime::ThisMachine => host(),
        Runtime::Lambda(architecture) => architecture,
    };
    if machine != code(wanted) {
        return Err(format!("it is built for {}, but {} is needed", name(machine), name(code(wanted))));
    }
    match (runtime, newest_glibc(program)) {
        (Runtime::Lambda(_), Some(minor)) if minor > LAMBDA_GLIBC => {
            Err(format!("it needs glibc 2.{minor}, but Lambda's Amazon Linux 2023 has 2.{LAMBDA_GLIBC}"))
        }
        _ => Ok(()),
    }
}

/// The architecture of this machine.
pub const fn host() -> Architecture {
    if cfg!(target_arch = "aarch64") { Architecture::Arm64 } else { Architecture::X86_64 }
}

const fn code(architecture: Architecture) -> u16 {
    match architecture {
        Architecture::Arm64 => AARCH64,
        Architecture::X86_64 => X86_64,
    }
}

fn name(machine: u16) -> String {
    match machine {
        X86_64 => "x86_64".to_owned(),
        AARCH64 => "arm64".to_owned(),
        other => format!("machine {other}"),
    }
}

/// The newest symbol version of glibc 2.x that the program names, for example 34 for `GLIBC_2.34`; `None` for a static
/// program.
fn newest_glibc(program: &[u8]) -> Option<u32> {
    const PREFIX: &[u8] = b"GLIBC_2.";
    program
        .windows(PREFIX.len() + 2)
        .filter(|window| window.starts_with(PREFIX))
        .filter_map(|window| {
            let digits: String =
                window[PREFIX.len()..].iter().map(|byte| char::from(*byte)).take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        })
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(machine: u16, tail: &[u8]) -> Vec<u8> {
        let mut bytes = b"\x7fELF\x02\x01\x01".to_vec();
        bytes.resize(18, 0);
        bytes.extend(machine.to_le_bytes());
        bytes.extend(tail);
        bytes
    }

    #[test]
    fn only_a_program_for_the_right_machine_fits() {
        let arm = Runtime::Lambda(Architecture::Arm64);
        assert_eq!(check(&program(AARCH64, b""), arm), Ok(()));
        assert_eq!(check(&program(X86_64, b""), arm).unwrap_err(), "it is built for x86_64, but arm64 is needed");
        assert!(check(b"#!/bin/sh\nexec something\n", arm).unwrap_err().contains("ELF"));
        assert!(check(b"\x7fELF", arm).unwrap_err().contains("4 bytes"));
    }

    #[test]
    fn a_program_that_needs_a_newer_glibc_than_lambda_has_does_not_fit() {
        let symbols = b"\0GLIBC_2.17\0GLIBC_2.39\0GLIBC_2.4\0";
        let lambda = Runtime::Lambda(host());
        let refused = check(&program(code(host()), symbols), lambda).unwrap_err();
        assert_eq!(refused, "it needs glibc 2.39, but Lambda's Amazon Linux 2023 has 2.34");
        assert_eq!(check(&program(code(host()), symbols), Runtime::ThisMachine), Ok(()));
        assert_eq!(check(&program(code(host()), b"\0GLIBC_2.34\0"), lambda), Ok(()));
    }
}
