"""What the refusals of this context say."""

from shared_kernel.chassis.messages import Messages

MESSAGES: Messages = {
    "draft-not-found": {
        "en": "There is no such draft; perhaps it was issued meanwhile.",
        "es": "No existe ese borrador; quizá se haya emitido entretanto.",
    },
    "customer-not-found": {"en": "There is no such customer.", "es": "No existe ese cliente."},
    "invoice-not-found": {"en": "There is no such invoice.", "es": "No existe esa factura."},
    "payer-not-found": {"en": "There is no such patient.", "es": "No existe ese paciente."},
    "patient-erased": {
        "en": "This patient's data were erased at the patient's request; no invoice can be issued.",
        "es": "Los datos de este paciente se suprimieron a petición suya; no se le puede emitir una factura.",
    },
    "tax-id-taken": {
        "en": "Another customer has this tax identifier.",
        "es": "Otro cliente tiene este NIF/CIF.",
    },
    "customer-has-invoices": {
        "en": "There are invoices or drafts of this customer, so it cannot be deleted.",
        "es": "Hay facturas o borradores de este cliente; no se puede eliminar.",
    },
    "merge-with-itself": {
        "en": "Choose another customer to merge with.",
        "es": "Elija otro cliente con el que unirlo.",
    },
    "invoice-frozen": {
        "en": "An issued invoice is not changed; issue a rectifying one.",
        "es": "Una factura emitida no se modifica; emita una rectificativa.",
    },
    "already-rectified": {
        "en": "This invoice was rectified already, or rectifies another one.",
        "es": "Esta factura ya está rectificada, o rectifica a otra.",
    },
    "rectified-below-nothing": {
        "en": "Only {due} of this invoice is in force; no more can be taken back.",
        "es": "De esta factura solo quedan {due} en vigor; no se puede descontar más.",
    },
    "paid-beyond-total": {
        "en": "{paid} was paid on this invoice; its total cannot be less.",
        "es": "De esta factura se han pagado {paid}; su total no puede ser menor.",
    },
    "payment-exceeds-outstanding": {
        "en": "Only {outstanding} is still to be paid.",
        "es": "Solo quedan {outstanding} por pagar.",
    },
    "refund-exceeds-paid": {
        "en": "Only {paid} was paid and can be given back.",
        "es": "Solo se han pagado {paid}, que es lo que se puede devolver.",
    },
    "appointment-billed": {
        "en": "One of these appointments is billed already.",
        "es": "Una de estas citas ya está facturada.",
    },
    "appointment-paid-by-pack": {
        "en": "One of these appointments is paid by a pack already.",
        "es": "Una de estas citas ya está pagada con un bono.",
    },
    "date-against-numbers": {
        "en": "The date would be before that of a lower number, or after that of a higher one.",
        "es": "La fecha sería anterior a la de un número menor, o posterior a la de uno mayor.",
    },
    "invoice_number_required": {"en": "The number is required.", "es": "El número es obligatorio."},
    "invoice_number_invalid_format": {
        "en": "Must be the year {year} and six digits that are not all zero.",
        "es": "Debe ser el año {year} y seis cifras que no sean todas cero.",
    },
    "invoice_number_duplicate": {
        "en": "Another invoice has this number.",
        "es": "Otra factura tiene este número.",
    },
    "invoice_number_out_of_sequence": {
        "en": "Leaves a hole: the next number is {next}.",
        "es": "Deja un hueco: el número siguiente es {next}.",
    },
    "packs-cannot-change": {
        "en": "The packs that an issued invoice sold cannot be changed; cancel it and issue another one.",
        "es": "Los bonos vendidos en una factura emitida no se pueden cambiar; anúlela y emita otra.",
    },
    "pack-needs-patient": {
        "en": "A pack is a patient's: choose the patient.",
        "es": "Un bono es de un paciente: elija el paciente.",
    },
    "due-before-date": {
        "en": "Cannot be before the date of the invoice.",
        "es": "No puede ser anterior a la fecha de la factura.",
    },
    "before-rectified": {
        "en": "Cannot be before {date}, the date of the rectified invoice.",
        "es": "No puede ser anterior al {date}, fecha de la factura rectificada.",
    },
    "difference-keeps-addressee": {
        "en": "Only a replacement can have another addressee.",
        "es": "Solo una factura que sustituye a otra puede tener otro destinatario.",
    },
    "difference-bills-no-visit": {
        "en": "Only an invoice or a replacement bills appointments.",
        "es": "Solo una factura o su sustituta facturan citas.",
    },
    "date-before-last-invoice": {
        "en": "The last invoice of the series is dated {last[date]}; this one cannot be dated earlier.",
        "es": "La última factura de la serie tiene fecha {last[date]}; esta no puede tener una anterior.",
    },
    "company-has-no-last-name": {
        "en": "A company has no last name: write its whole name as name.",
        "es": "Una empresa no tiene apellidos: escriba su nombre completo en el nombre.",
    },
    "either-patient-or-customer": {
        "en": "Name either a patient or a customer.",
        "es": "Indique un paciente o un cliente.",
    },
    "total-too-high": {
        "en": "The total must be at most {max}.",
        "es": "El total debe ser {max} como máximo.",
    },
    "printing-unavailable": {
        "en": "The PDF cannot be made right now; the invoice itself is safe. Try again in a moment.",
        "es": "El PDF no se puede generar ahora; la factura está a salvo. Inténtelo de nuevo en un momento.",
    },
}
