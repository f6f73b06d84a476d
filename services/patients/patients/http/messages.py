"""What the refusals of this context say."""

from shared_kernel.chassis.messages import Messages

MESSAGES: Messages = {
    "patient-not-found": {"en": "There is no such patient.", "es": "No existe ese paciente."},
    "record-not-found": {"en": "There is no such record.", "es": "No existe esa historia."},
    "patient-erased": {
        "en": "This patient's data were erased at her request; what the law keeps is blocked.",
        "es": "Los datos de este paciente se suprimieron a petición suya; lo que la ley obliga a conservar"
        " está bloqueado.",
    },
    "patient-has-appointments": {
        "en": "Appointments still to come: {appointments[count]}. Cancel them first.",
        "es": "Citas pendientes: {appointments[count]}. Anúlelas antes.",
    },
    "printing-unavailable": {
        "en": "The PDF cannot be made right now; the copy as data (JSON) can. Try again in a moment.",
        "es": "El PDF no se puede generar ahora; la copia como datos (JSON), sí. Inténtelo de nuevo en un"
        " momento.",
    },
    "holdings-unavailable": {
        "en": "A part of the clinic cannot say now what it holds, and half an answer would be wrong."
        " Try again in a moment.",
        "es": "Una parte de la clínica no puede decir ahora qué datos tiene, y media respuesta sería"
        " incorrecta. Inténtelo de nuevo en un momento.",
    },
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
