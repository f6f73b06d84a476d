"""What the refusals of this context say."""

from shared_kernel.chassis.messages import Messages

MESSAGES: Messages = {
    "patient-not-found": {"en": "There is no such patient.", "es": "No existe ese paciente."},
    "record-not-found": {"en": "There is no such record.", "es": "No existe esa historia."},
    "email-taken": {
        "en": "Another patient has this e-mail address.",
        "es": "Otro paciente tiene este correo electrónico.",
    },
}
