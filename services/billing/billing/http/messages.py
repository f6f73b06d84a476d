"""What the refusals of this context say."""

from shared_kernel.chassis.messages import Messages

MESSAGES: Messages = {
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
