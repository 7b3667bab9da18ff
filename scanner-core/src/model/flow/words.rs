//! The words of the graph; each is the same in every document.

macro_rules! words {
    ($(#[$of:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident $word:literal,)* }) => {
        $(#[$of])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// Every one, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word used in documents.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

words! {
    /// What a party is to the product.
    PartyRole {
        /// Who licenses an artifact.
        Licensor "licensor",
        /// Who ships the product.
        Vendor "vendor",
        /// Who receives it from the vendor.
        Customer "customer",
        /// Who receives it from the customer.
        CustomersCustomer "customers-customer",
    }
}

words! {
    /// How sure a statement is; a later one is surer.
    Certainty {
        /// No clause gives it.
        None "none",
        /// The text bears more than one reading, or the facts that decide are not declared.
        Disputed "disputed",
        /// The text gives it, and it rests on rights that may not exist (copyright in weights).
        BasisUncertain "basis-uncertain",
        /// It follows from how the text works, without a clause that says so.
        Implied "implied",
        /// A clause gives it.
        Certain "certain",
    }
}

words! {
    /// How the product passes over a hop.
    HopMode {
        /// A copy is handed over.
        Copy "copy",
        /// It is handed over as part of a device or another product.
        Embedded "embedded",
        /// It is used over a network; no copy is handed over.
        Hosted "hosted",
    }
}

words! {
    /// Whether whoever passes an artifact on does so under terms of its own.
    Relicensing {
        /// Under terms of its own.
        Relicensed "relicensed",
        /// As a plain copy with the licence text.
        PlainCopy "plain-copy",
        /// Nobody has said.
        Undeclared "undeclared",
    }
}

words! {
    /// Whether somebody said so.
    Declaration {
        /// The settings say so.
        Declared "declared",
        /// Nobody said so; it is assumed.
        Assumed "assumed",
    }
}

words! {
    /// The rule by which rights travel; `docs/conveyance.md` has a section for each.
    ConveyanceRule {
        /// R1: every recipient holds a licence from the licensor.
        DirectLicense "direct-license",
        /// R2: the vendor relicenses, restrictions flow down.
        Relicense "relicense",
        /// R3: restrictions flow down, and every recipient accepts the licensor's terms by use.
        TermsOfUse "terms-of-use",
        /// R4: a contract says what must flow down.
        Contract "contract",
        /// R5: rights may not be passed on.
        NoConveyance "no-conveyance",
    }
}

words! {
    /// How firmly a licence stands on the artifacts of a chain.
    Standing {
        /// One of several licences that a statement can mean.
        Candidate "candidate",
        /// Somebody says so; no text or weights were recognised.
        AsDeclared "as-declared",
        /// A text or weights were recognised.
        Recognized "recognized",
    }
}

words! {
    /// What kind of thing a licence covers; the rights it rests on differ.
    Subject {
        /// Weights, adapters, tokenizers and data.
        Model "model",
        /// Software packages.
        Software "software",
    }
}

words! {
    /// What binds a party to restrictions.
    Instrument {
        /// The licence itself.
        License "license",
        /// The agreement under which it received the product.
        Agreement "agreement",
        /// The one or the other, depending on the reading.
        LicenseOrAgreement "license-or-agreement",
        /// Nothing that the licence provides for.
        Nothing "nothing",
    }
}

words! {
    /// What an edge is about.
    Matter {
        /// The party's own breach: a forbidden use, or a duty of its own not done.
        OwnBreach "own-breach",
        /// The party does not pass on what it must.
        FlowdownOmitted "flowdown-omitted",
        /// Somebody further down breaches.
        DownstreamBreach "downstream-breach",
        /// The party lets somebody else breach.
        BreachPermitted "breach-permitted",
        /// Somebody else makes claims because of what the party does.
        ThirdPartyClaim "third-party-claim",
        /// Use is restricted, without a claim.
        SelfHelp "self-help",
        /// Nothing went wrong.
        WithoutBreach "without-breach",
    }
}

words! {
    /// What an enforcement edge rests on.
    EnforcementBasis {
        /// Copyright.
        Copyright "copyright",
        /// Patents.
        Patent "patent",
        /// Database rights, trade secrets and other rights that the licence names.
        OtherRight "other-right",
        /// A contract.
        Contract "contract",
        /// A contract of others that names the party as beneficiary.
        ThirdPartyBeneficiary "third-party-beneficiary",
        /// A clause that ends the licence.
        Termination "termination",
        /// A promise to hold harmless.
        Indemnity "indemnity",
        /// A sum agreed for a breach.
        LiquidatedDamages "liquidated-damages",
        /// A right to restrict use from afar.
        RemoteRestriction "remote-restriction",
    }
}

words! {
    /// What an enforcement edge can bring about.
    Remedy {
        /// Nothing.
        Nothing "nothing",
        /// A claim that rights were used outside the licence.
        InfringementClaim "infringement-claim",
        /// A claim that a contract was broken.
        ContractClaim "contract-claim",
        /// The end of the licence.
        EndOfLicense "end-of-license",
        /// Costs and damages are made good.
        Indemnification "indemnification",
        /// A sum that was agreed.
        AgreedSum "agreed-sum",
        /// Use is restricted, without a court.
        RestrictedUse "restricted-use",
    }
}

words! {
    /// What kind of gap.
    FlowGapKind {
        /// Whoever wants a restriction obeyed has no claim against who breaks it.
        Enforcement "enforcement",
        /// Rights may not be passed on, and the product passes the artifact on.
        NoRights "no-rights",
        /// Nothing in the licence binds the next party to a restriction.
        RestrictionLost "restriction-lost",
    }
}
