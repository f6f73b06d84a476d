"""What the refusals of this context say."""

from shared_kernel.chassis.messages import Messages

MESSAGES: Messages = {
    "patient-not-found": {"en": "There is no such patient.", "es": "No existe ese paciente."},
    "record-not-found": {"en": "There is no such record.", "es": "No existe esa historia."},
    "email-taken": {
        "en": "Another patient has this e-mail address.",
        "es": "Otro paciente tiene este correo electrónico.",
    },
    "patient-likely-duplicate": {
        "en": "This person may be registered already. To register her all the same, send force.",
        "es": "Puede que esta persona ya esté registrada. Para registrarla de todos modos, envíe force.",
    },
    "record-already-corrected": {
        "en": "This version has been corrected meanwhile. Correct the latest one.",
        "es": "Esta versión ya ha sido corregida. Corrija la última.",
    },
}
